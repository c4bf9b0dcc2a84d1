//! Free windows: when the same rights could be granted.
//!
//! Over time only: the territories, media and languages asked for are fixed. Held days are those on
//! which rights in cover all of them; blocked days those on which a standing licence meets any of
//! them and either side is exclusive. Free = held less blocked, as maximal windows.

use crate::date::Window;
use crate::rights::WorkRights;
use crate::{Date, Scope};

impl WorkRights {
    /// Maximal windows, ascending, in which the territories, media and languages of `asked` are
    /// wholly held and nothing stands in the way. The window of `asked` is not looked at.
    pub fn free_windows(&self, asked: &Scope, exclusive: bool) -> Vec<Window> {
        let blocked = self.blocked_windows(asked, exclusive);
        let mut free = self.held_windows(asked, exclusive);
        for window in blocked {
            free = free.iter().flat_map(|part| part.minus(&window)).collect();
        }
        free
    }

    /// The first free window of the length asked for that starts on the day asked for or later.
    pub fn nearest_free(&self, asked: &Scope, exclusive: bool) -> Option<Window> {
        let wanted = asked.window();
        self.free_windows(asked, exclusive)
            .into_iter()
            .find_map(|free| {
                let starts_on = free.starts_on().max(wanted.starts_on());
                let ends_on = match wanted.days() {
                    None => None,
                    Some(days) => Some(starts_on.plus_days(days)?),
                };
                let candidate = Window::try_new(starts_on, ends_on).ok()?;
                (free.intersect(&candidate) == Some(candidate)).then_some(candidate)
            })
    }

    fn held_windows(&self, asked: &Scope, exclusive: bool) -> Vec<Window> {
        let always = asked.with_window(everything());
        let held: Vec<Scope> = self
            .rights_in
            .iter()
            .filter(|held| held.exclusive || !exclusive)
            .filter_map(|held| held.scope.intersect(&always))
            .collect();
        let mut days: Vec<Date> = held
            .iter()
            .flat_map(|scope| [Some(scope.window().starts_on()), scope.window().ends_on()])
            .flatten()
            .collect();
        days.sort();
        days.dedup();
        let ends = days.iter().skip(1).copied().map(Some).chain([None]);
        let mut windows: Vec<Window> = Vec::new();
        for (starts_on, ends_on) in days.iter().copied().zip(ends) {
            let Ok(segment) = Window::try_new(starts_on, ends_on) else {
                continue;
            };
            if !asked.with_window(segment).uncovered_by(&held).is_empty() {
                continue;
            }
            match windows.last_mut() {
                Some(last) if last.ends_on() == Some(starts_on) => {
                    let joined = Window::try_new(last.starts_on(), ends_on);
                    *last = joined.expect("it ends where a later segment ends");
                }
                _ => windows.push(segment),
            }
        }
        windows
    }

    fn blocked_windows(&self, asked: &Scope, exclusive: bool) -> Vec<Window> {
        let always = asked.with_window(everything());
        self.licences
            .iter()
            .filter(|licence| exclusive || licence.granted.exclusive)
            .filter_map(|licence| licence.standing_scope()?.intersect(&always))
            .map(|overlap| *overlap.window())
            .collect()
    }
}

fn everything() -> Window {
    Window::try_new(Date::MIN, None).expect("an open window is never empty")
}
