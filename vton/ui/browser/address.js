// The address says which tab is open, in English whatever the page speaks, and may carry a look: #try-on, #look=...
const LOOK = "#look=";
const tabs = () => [...document.querySelectorAll("#tabs > .tab-wrapper [role=tab], #tabs > .tab-wrapper .overflow-dropdown button")];
const NAMES = ["create", "mix", "lookbook", "try-on", "compare", "verify", "about"];
const nameOf = (tab) => NAMES.find((name) => tab.textContent.trim() === window.outfitStudio.say(`tabs.${name}`));
let going = false; // Back or a link opens a tab, not the visitor

function openNamed() {
  const tab = tabs().find((one) => nameOf(one) === decodeURIComponent(location.hash.slice(1)));
  if (!tab || tab.getAttribute("aria-selected") === "true") return;
  going = true;
  tab.click();
  going = false;
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (!tab || going || !tabs().includes(tab)) return;
  const hash = "#" + nameOf(tab);
  if (location.hash !== hash) history.pushState(null, "", hash);
}, true);

const isLook = () => location.hash.startsWith(LOOK);

function open() {
  if (isLook()) document.querySelector("#open-link").click();
  else if (location.hash) openNamed();
  else tabs()[0].getAttribute("aria-selected") === "true" || tabs()[0].click();
}

window.addEventListener("popstate", open);
const ready = setInterval(() => {
  if (!document.querySelector("#open-link") || !document.querySelector("#generate")) return;
  clearInterval(ready);
  if (location.hash) setTimeout(() => (isLook() ? window.outfitStudio.ask(open, isLook) : open()), 300); // Gradio listens by then
}, 100);
