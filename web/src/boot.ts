// Runs before the first paint: theme and language on <html>, so that nothing flashes.

try {
  const theme = localStorage.getItem("backlot.theme");
  const html = document.documentElement;
  html.dataset["theme"] = theme === "light" || theme === "system" ? theme : "dark";
  const locale = localStorage.getItem("backlot.locale");
  const wanted = locale ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en");
  html.lang = wanted === "en" ? "en" : "zh-CN";
} catch {
  // Storage may be blocked; the defaults in index.html stand.
}
