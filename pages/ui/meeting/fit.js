// A card fits the screen: its type, which all sizes follow, is as large as leaves nothing to scroll,
// between what the screen would like and what a room can still read (see page.css).
(() => {
  if (window.fitsCards) return;
  window.fitsCards = true;
  const root = document.documentElement;
  const LARGEST = 1.35, SMALLEST = 1.0, STEP = 0.05;
  let waiting = 0;

  const main = () => document.querySelector(".st-key-meeting")?.closest(".stMain");
  const fits = (area) => area.scrollHeight <= area.clientHeight + 1;

  function fit() {
    waiting = 0;
    const area = main();
    if (!area) return;
    let size = LARGEST;
    do {
      root.style.setProperty("--meeting-type", `${size.toFixed(2)}vw`);
      size -= STEP;
    } while (!fits(area) && size >= SMALLEST - STEP / 2);
  }

  // Charts arrive after the card: every change of the page is followed by one look.
  function soon() {
    if (!waiting && main()) waiting = setTimeout(fit, 80);
  }
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  addEventListener("resize", soon);
  document.addEventListener("fullscreenchange", soon);
  soon();
})();
