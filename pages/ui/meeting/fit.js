// A card fits the screen: its type, which all sizes follow, is as large as leaves nothing to scroll,
// between what the screen would like and what a room can still read (see page.css). Charts, which
// are drawn in sizes of their own, are enlarged as much.
(() => {
  if (window.fitsCards) return;
  window.fitsCards = true;
  const root = document.documentElement;
  const LARGEST = 1.4, SMALLEST = 1.0, STEP = 0.02;
  // The type that charts are drawn for, in pixels.
  const DRAWN_FOR = 16;
  let waiting = 0;

  const main = () => document.querySelector(".st-key-meeting")?.closest(".stMain");
  const fits = (area) => area.scrollHeight <= area.clientHeight;

  function set(size, area) {
    root.style.setProperty("--meeting-type", `${size.toFixed(2)}vw`);
    const scale = parseFloat(getComputedStyle(root).fontSize) / DRAWN_FOR;
    root.style.setProperty("--meeting-scale", scale.toFixed(4));
    for (const frame of area.querySelectorAll(".st-key-meeting [data-testid=stFullScreenFrame]:has(> .stPlotlyChart)")) {
      // What is enlarged takes no more room by itself.
      frame.parentElement.style.height = `${Math.ceil(frame.offsetHeight * scale)}px`;
    }
  }

  function fit() {
    waiting = 0;
    const area = main();
    if (!area) return;
    let size = LARGEST;
    do {
      set(size, area);
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
