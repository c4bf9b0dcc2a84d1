//! The sentences of refusals, in Chinese and English: what is wrong, where, and what helps.

use crate::expression::{CHARS_MAX, ExpressionError};
use crate::language::LanguageError;
use crate::refusal::{Refusal, Witness};
use crate::{DateError, EmptyWindow, PARTIES_MAX, Scope, TEXT_CHARS_MAX, Window, window_text};
use backlot_money::{BASIS_POINTS, Lang};

pub(crate) fn message_en(refusal: &Refusal) -> String {
    use Refusal as R;
    match refusal {
        R::FieldMissing { field } => format!("The {} is empty.", field_name(field, Lang::En)),
        R::FieldTooLong { field } => format!(
            "The {} is longer than {TEXT_CHARS_MAX} characters.",
            field_name(field, Lang::En)
        ),
        R::BadDate { source } => format!("The date cannot be read: {source}."),
        R::EmptyWindow { source } => empty_window_en(source),
        R::NoTerritory => "No territory is left; name at least one.".to_owned(),
        R::NoMedium => "No medium is left; name at least one.".to_owned(),
        R::NoLanguage => "No language is named; write for example zh audio, en sub.".to_owned(),
        R::Territories { source } => format!("Territories: {source}."),
        R::Media { source } => format!("Media: {source}."),
        R::Languages { source } => format!("Languages: {source}."),
        R::RightsInIdInUse => "Other rights in already have this id.".to_owned(),
        R::LicenceIdInUse => "Another licence already has this id.".to_owned(),
        R::NegativePrice { price } => format!("The price {price} is below zero."),
        R::TooManyParties { count } => {
            format!("{count} parties share this licence; at most {PARTIES_MAX} can.")
        }
        R::PartyTwice { party } => {
            format!("{party} stands twice in the same role; join the two shares.")
        }
        R::ShareSum { basis_points } => share_sum_en(*basis_points),
        R::OutsideRightsHeld {
            missing,
            nearest_free,
        } => missing_en(
            "Not all of this is held. Missing",
            missing,
            nearest_free.as_ref(),
        ),
        R::ExclusivityNotHeld {
            missing,
            nearest_free,
        } => {
            let lead = "This is not held exclusively, so it cannot be licensed exclusively";
            missing_en(lead, missing, nearest_free.as_ref())
        }
        R::Overlap(witness) => overlap_en(witness),
        R::UnknownLicence { licence } => format!("No licence {licence} stands for this work."),
        R::AlreadyTerminated { ends_on } => {
            format!("The licence was already terminated as of {ends_on}.")
        }
        R::EndsBefore { ends_on } => {
            format!("The licence ends on {ends_on} anyway; a termination must be earlier.")
        }
        R::DuplicateReceipt { receipt_no } => format!(
            "Receipt {receipt_no} is already booked with other content; a correction needs its \
             own number."
        ),
        R::WrongCurrency { expected, found } => {
            format!("The licence is priced in {expected}; the payment is in {found}.")
        }
        R::WrongAmount { amount } => format!("The amount {amount} is not above zero."),
        R::PaidInFuture { paid_on, today } => {
            format!("The payment is dated {paid_on}, after today, {today}.")
        }
        R::AlreadyPaid { licence } => format!("Licence {licence} is already paid in full."),
        R::OverPayment {
            amount,
            outstanding,
        } => format!(
            "{amount} is more than the {outstanding} still due; book {outstanding} and return or \
             credit the rest."
        ),
    }
}

fn empty_window_en(source: &EmptyWindow) -> String {
    let EmptyWindow { starts_on, ends_on } = source;
    format!(
        "The window ends on {ends_on}, which is not after its first day {starts_on}. The end is \
         the first day no longer licensed."
    )
}

fn share_sum_en(basis_points: u64) -> String {
    format!(
        "The shares sum to {basis_points} basis points; they must sum to {BASIS_POINTS} (100 %)."
    )
}

fn missing_en(lead: &str, missing: &[Scope], nearest_free: Option<&Window>) -> String {
    let nearest = nearest_text(nearest_free, Lang::En);
    format!("{lead}: {}.{nearest}", missing_text(missing, Lang::En))
}

fn overlap_en(witness: &Witness) -> String {
    let kind = if witness.exclusive {
        "exclusive licence"
    } else {
        "licence"
    };
    let others = match witness.others {
        0 => String::new(),
        1 => " One more licence is in the way.".to_owned(),
        more => format!(" {more} more licences are in the way."),
    };
    let reference = match witness.reference.as_str() {
        "" => String::new(),
        some => format!(" ({some})"),
    };
    format!(
        "The {kind} of {}{reference} stands in the way. Both would hold: {}.{others}{}",
        witness.licensee,
        witness.overlap.text(Lang::En),
        nearest_text(witness.nearest_free.as_ref(), Lang::En)
    )
}

pub(crate) fn message_zh(refusal: &Refusal) -> String {
    use Refusal as R;
    match refusal {
        R::FieldMissing { field } => format!("{}不能为空。", field_name(field, Lang::Zh)),
        R::FieldTooLong { field } => {
            format!(
                "{}超过 {TEXT_CHARS_MAX} 个字符。",
                field_name(field, Lang::Zh)
            )
        }
        R::BadDate { source } => date_zh(source),
        R::EmptyWindow { source } => empty_window_zh(source),
        R::NoTerritory => "没有剩下任何地区；请至少填写一个。".to_owned(),
        R::NoMedium => "没有剩下任何媒体；请至少填写一种。".to_owned(),
        R::NoLanguage => "没有填写语言；例如：中文 原声，英语 字幕。".to_owned(),
        R::Territories { source } => format!("地区：{}", expression_zh(source)),
        R::Media { source } => format!("媒体：{}", expression_zh(source)),
        R::Languages { source } => format!("语言：{}", language_zh(source)),
        R::RightsInIdInUse => "该编号已用于另一项引进权利。".to_owned(),
        R::LicenceIdInUse => "该编号已用于另一份授权。".to_owned(),
        R::NegativePrice { price } => format!("价格 {price} 小于零。"),
        R::TooManyParties { count } => {
            format!("分账方共 {count} 个，最多 {PARTIES_MAX} 个。")
        }
        R::PartyTwice { party } => format!("{party} 以同一身份出现两次；请合并份额。"),
        R::ShareSum { basis_points } => {
            format!("各方份额合计 {basis_points} 个基点，必须合计 {BASIS_POINTS} 个基点（100 %）。")
        }
        R::OutsideRightsHeld {
            missing,
            nearest_free,
        } => format!(
            "所申请的权利未全部持有。缺少：{}。{}",
            missing_text(missing, Lang::Zh),
            nearest_text(nearest_free.as_ref(), Lang::Zh)
        ),
        R::ExclusivityNotHeld {
            missing,
            nearest_free,
        } => format!(
            "该部分并非独家持有，不能独家授权：{}。{}",
            missing_text(missing, Lang::Zh),
            nearest_text(nearest_free.as_ref(), Lang::Zh)
        ),
        R::Overlap(witness) => overlap_zh(witness),
        R::UnknownLicence { licence } => format!("该作品没有授权 {licence}。"),
        R::AlreadyTerminated { ends_on } => format!("该授权已于 {ends_on} 终止。"),
        R::EndsBefore { ends_on } => {
            format!("该授权本来就在 {ends_on} 到期；提前终止的日期必须更早。")
        }
        R::DuplicateReceipt { receipt_no } => {
            format!("收款编号 {receipt_no} 已入账且内容不同；更正须使用新的编号。")
        }
        R::WrongCurrency { expected, found } => {
            format!("该授权以 {expected} 计价，收款为 {found}。")
        }
        R::WrongAmount { amount } => format!("收款金额 {amount} 必须大于零。"),
        R::PaidInFuture { paid_on, today } => {
            format!("收款日期 {paid_on} 晚于今天 {today}。")
        }
        R::AlreadyPaid { licence } => format!("授权 {licence} 已全额付清。"),
        R::OverPayment {
            amount,
            outstanding,
        } => format!(
            "收款 {amount} 超过尚欠的 {outstanding}；请入账 {outstanding}，余款退回或记为贷项。"
        ),
    }
}

fn empty_window_zh(source: &EmptyWindow) -> String {
    let EmptyWindow { starts_on, ends_on } = source;
    format!("授权期的终止日 {ends_on} 不晚于起始日 {starts_on}。终止日是不再授权的第一天。")
}

fn overlap_zh(witness: &Witness) -> String {
    let kind = if witness.exclusive {
        "独家授权"
    } else {
        "授权"
    };
    let others = match witness.others {
        0 => String::new(),
        more => format!("另有 {more} 份授权也有冲突。"),
    };
    let reference = match witness.reference.as_str() {
        "" => String::new(),
        some => format!("（{some}）"),
    };
    format!(
        "与 {}{reference} 的现有{kind}冲突。重叠部分：{}。{others}{}",
        witness.licensee,
        witness.overlap.text(Lang::Zh),
        nearest_text(witness.nearest_free.as_ref(), Lang::Zh)
    )
}

fn date_zh(source: &DateError) -> String {
    match source {
        DateError::Form(text) => format!("“{text}”不是日期；请按 2026-02-28 的格式填写。"),
        DateError::NoSuchDay { year, month, day } => {
            format!("{year:04}-{month:02} 没有第 {day} 日。")
        }
    }
}

fn meant_zh(suggestions: &[String]) -> String {
    match suggestions {
        [] => String::new(),
        some => format!("您是否要写：{}？", some.join("、")),
    }
}

fn expression_zh(source: &ExpressionError) -> String {
    use ExpressionError as E;
    match source {
        E::Empty => "内容为空。".to_owned(),
        E::TooLong => format!("超过 {CHARS_MAX} 个字符。"),
        E::Unknown {
            word,
            at,
            suggestions,
        } => {
            format!(
                "第 {} 个字符处的“{word}”无法识别。{}",
                at + 1,
                meant_zh(suggestions)
            )
        }
        E::MissingName { at } => format!("第 {} 个字符处缺少名称。", at + 1),
        E::Parentheses { at } => format!("第 {} 个字符处的括号不配对。", at + 1),
        E::TrailingExclusion { at } => {
            format!(
                "第 {} 个字符处的排除词写在名称之后；请写在名称之前。",
                at + 1
            )
        }
    }
}

fn language_zh(source: &LanguageError) -> String {
    match source {
        LanguageError::Empty => "内容为空；例如：中文 原声，英语 字幕。".to_owned(),
        LanguageError::Unknown { word, suggestions } => {
            format!(
                "“{word}”无法识别；请写 en、zh-Hans、pt-BR 等标签。{}",
                meant_zh(suggestions)
            )
        }
        LanguageError::UnknownUse { word } => {
            format!("“{word}”不是语言用途；请写原声、配音或字幕。")
        }
    }
}

/// The first missing part and how many more there are.
fn missing_text(missing: &[Scope], lang: Lang) -> String {
    let first = missing
        .first()
        .map(|scope| scope.text(lang))
        .unwrap_or_default();
    match (missing.len().saturating_sub(1), lang) {
        (0, _) => first,
        (more, Lang::Zh) => format!("{first}；另有 {more} 部分"),
        (more, Lang::En) => format!("{first}; and {more} more parts"),
    }
}

fn nearest_text(window: Option<&Window>, lang: Lang) -> String {
    match (window, lang) {
        (None, _) => String::new(),
        (Some(window), Lang::Zh) => {
            format!("同样的权利最近可授权期：{}。", window_text(window, lang))
        }
        (Some(window), Lang::En) => {
            format!(
                " The same rights are next free {}.",
                window_text(window, lang)
            )
        }
    }
}

fn field_name(field: &str, lang: Lang) -> &str {
    match (field, lang) {
        ("licensor", Lang::Zh) => "许可方",
        ("licensee", Lang::Zh) => "被许可方",
        ("reference", Lang::Zh) => "合同编号",
        ("party", Lang::Zh) => "分账方",
        ("role", Lang::Zh) => "身份",
        ("receipt_no", Lang::Zh) => "收款编号",
        ("payer", Lang::Zh) => "付款方",
        ("reason", Lang::Zh) => "原因",
        ("receipt_no", Lang::En) => "receipt number",
        (other, _) => other,
    }
}
