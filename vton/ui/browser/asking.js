// What the other scripts share: the picture that is shown, and asking a page that may not listen yet.
const AGAIN = 4000; // ms
const MOST = 5; // times
const picture = () => document.querySelector("#result-gallery img[data-testid=detailed-image]")?.src;

// Asks for another picture, again and again while none has come and it is still wanted.
function ask(request, wanted) {
  const before = picture();
  let left = MOST;
  const again = setInterval(() => {
    if (--left > 0 && wanted() && picture() === before) request();
    else clearInterval(again);
  }, AGAIN);
  request();
}

Object.assign(window.outfitStudio, { picture, ask });
