// A picture of ours brings its outfit and pose back: dropped anywhere, or the last one after a reload of the page.
const KEPT = "outfit-studio-picture"; // in this browser alone, until Clear all
const MOST = 3_000_000; // characters that are kept
const OWN_ZONES = "#verify-picture, #mix-column";
const input = () => document.querySelector("#result-actions input[type=file]");

function restore(file) {
  const files = new DataTransfer();
  files.items.add(file);
  input().files = files.files;
  input().dispatchEvent(new Event("change", { bubbles: true }));
}

// Whether a PNG carries a recipe: a text chunk before its pixels with our key.
async function isOurs(file) {
  if (!/\.png$/i.test(file.name)) return false;
  const head = new TextDecoder("latin1").decode(await file.slice(0, 4096).arrayBuffer());
  return head.slice(1, 4) === "PNG" && /(tEXt|iTXt|zTXt)vton\0/.test(head);
}

let passing = false; // a drop that is passed on to its zone

document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  if (passing) return;
  event.preventDefault(); // the browser would leave the page for the file
  const files = [...event.dataTransfer.files], { target } = event;
  if (files.length !== 1 || target.closest(OWN_ZONES)) return;
  const zone = target.closest(".tile, .add-photos");
  if (zone) event.stopImmediatePropagation();
  if (await isOurs(files[0])) {
    document.querySelector("#tab-create-button")?.click();
    restore(files[0]);
  } else if (zone) {
    const again = new DataTransfer();
    again.items.add(files[0]);
    passing = true;
    target.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: again }));
    passing = false;
  }
}, true);

// ------------------------------------------------------------------ after a reload

const shown = () => window.outfitStudio.picture();
const isNew = () => document.querySelector("#who input")?.checked; // the first of the two
let last;
let cleared = 0; // how often: what is on its way into the browser then does not come back

async function keep() {
  const source = shown();
  if (!source || source === last) return;
  const first = last === undefined, before = cleared;
  last = source;
  if (first) return; // it was there when the page opened
  const blob = await (await fetch(source)).blob();
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    if (reader.result.length > MOST || source !== shown() || before !== cleared) return;
    localStorage.setItem(KEPT, JSON.stringify({ picture: reader.result, isNew: isNew() }));
  });
  reader.readAsDataURL(blob);
}

async function bringBack() {
  const text = localStorage.getItem(KEPT);
  if (!text || location.hash.startsWith("#look=")) return;
  const { picture, isNew } = JSON.parse(text);
  const before = shown();
  const file = new File([await (await fetch(picture)).blob()], "last.png", { type: "image/png" });
  window.outfitStudio.ask(() => restore(file), () => cleared === 0);
  const waiting = setInterval(() => {
    if (shown() === before) return;
    clearInterval(waiting);
    if (isNew) document.querySelector("#who input").click();
  }, 200);
  setTimeout(() => clearInterval(waiting), 20_000);
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("#clear-outfit")) return;
  cleared += 1;
  localStorage.removeItem(KEPT);
});
const ready = setInterval(() => {
  if (!input() || !shown()) return;
  clearInterval(ready);
  setTimeout(bringBack, 300); // Gradio listens by then
  setInterval(keep, 500);
}, 100);
