// The buttons that start work wait for photos that are still on their way to their slot.
const WORK = "#generate, #tryon-button, #book-button, #compare-button, #mix-button";
const REST = 300; // ms until Gradio has put what came into the widget
let uploads = 0;
let waiting = null;

const plainFetch = window.fetch;
window.fetch = (...request) => {
  const answer = plainFetch(...request);
  if (String(request[0]?.url ?? request[0]).includes("/gradio_api/upload?")) {
    uploads += 1;
    answer.catch(() => {}).then(() => setTimeout(() => { uploads -= 1; }, REST));
  }
  return answer;
};

// A drop zone holds its files until each has gone to its slot.
const placing = () => uploads > 0 || document.querySelector(".add-photos .file-preview") !== null;

document.addEventListener("click", (event) => {
  const button = event.target.closest(WORK);
  if (!button || !placing()) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  if (waiting) return;
  const text = button.textContent;
  button.textContent = window.outfitStudio.say("result.placing");
  waiting = setInterval(() => {
    if (placing()) return;
    clearInterval(waiting);
    waiting = null;
    button.textContent = text;
    setTimeout(() => button.click(), REST);
  }, 100);
}, true);
