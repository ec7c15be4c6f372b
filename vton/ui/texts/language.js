// Before Gradio reads the page's texts: which language the visitor wants, and its words in place of the markers.
// A choice is kept in this browser; ?lang=de makes one too. Without a choice it is the browser's language, else English.
window.outfitStudio = (() => {
  const KEPT = "outfit-studio-language";
  const TABLES = window.gradio_config.i18n_translations;
  const MARKER = "__i18n__";

  const kept = { // a browser that forbids it to pages within pages throws
    get() { try { return localStorage.getItem(KEPT); } catch { return null; } },
    set(value) { try { localStorage.setItem(KEPT, value); } catch { /* for this visit alone */ } },
  };
  const match = (asked) => Object.keys(TABLES).find((code) => asked && code.split("-")[0] === asked.toLowerCase().split(/[-_]/)[0]);
  const address = new URL(location.href);
  const asked = match(address.searchParams.get("lang") ?? address.searchParams.get("__lang"));
  if (asked) kept.set(asked);
  const language = asked ?? match(kept.get()) ?? navigator.languages.map(match).find(Boolean) ?? "en";
  const table = TABLES[language];

  const say = (key, holes = {}) => table[key].replace(/\{(\w+)\}/g, (_, name) => read(String(holes[name])));

  // A text with words for its markers, each of which is JSON and may hold others.
  function read(text) {
    const at = text.indexOf(MARKER);
    if (at < 0) return text;
    const start = at + MARKER.length;
    for (let end = text.indexOf("}", start) + 1; end > 0; end = text.indexOf("}", end) + 1) {
      let told;
      try { told = JSON.parse(text.slice(start, end)); } catch { continue; } // a brace within a text
      return text.slice(0, at) + say(told.key, told) + read(text.slice(end));
    }
    return text;
  }

  function readAll(node) {
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === "string") node[key] = read(value);
      else if (value !== null && typeof value === "object") readAll(value);
    }
  }

  readAll(window.gradio_config.components);
  document.documentElement.lang = language;
  Object.defineProperty(navigator, "language", { value: language, configurable: true }); // Gradio's own words follow
  for (const name of ["drop-photos", "choose-photos"]) // what style.css shows
    document.documentElement.style.setProperty(`--${name}`, JSON.stringify(table[`outfit.${name}`]));

  // The server answers in the page's language.
  const plainFetch = window.fetch;
  window.fetch = (request, options = {}) => {
    if (!String(request?.url ?? request).includes("/gradio_api/")) return plainFetch(request, options);
    const headers = new Headers(options.headers);
    headers.set("X-Page-Language", language);
    return plainFetch(request, { ...options, headers });
  };

  // The list in the header. A key that moves through the closed list only chooses: Enter, or leaving it, confirms.
  const chooser = () => document.querySelector("#language");
  let key = null;
  function change() {
    if (chooser().value === language) return;
    kept.set(chooser().value);
    address.searchParams.delete("__lang");
    address.searchParams.delete("lang");
    address.hash = location.hash;
    history.replaceState(null, "", address);
    location.reload();
  }
  const on = (event, does) => document.addEventListener(event, (one) => { if (one.target === chooser()) does(one); }, true);
  on("pointerdown", () => { key = null; });
  on("keydown", (event) => { ({ key } = event); if (key === "Enter") change(); });
  on("change", () => { if (key === null || key === "Enter" || key === " ") change(); });
  on("focusout", change);
  const there = setInterval(() => {
    if (!chooser()) return;
    clearInterval(there);
    chooser().value = language;
  }, 50);

  // Names that Gradio gives in English alone, by the patterns of the English table; others stay.
  const patterns = Object.entries(TABLES.en).filter(([key]) => key.startsWith("gradio."))
    .map(([key, text]) => [key, new RegExp(`^${text.replace(/\{(\w+)\}/g, "(?<$1>.+)")}$`)]);
  function renamed(name) {
    const [key, pattern] = patterns.find(([, one]) => one.test(name)) ?? [];
    return key ? say(key, pattern.exec(name).groups) : name;
  }

  return { language, say, renamed };
})();
