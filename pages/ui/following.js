// A click on a number's address, in the page or in a chart, changes the page without loading the
// app anew: the address is put into the history and the app is told as by the back button.
(() => {
  if (window.followsNumbers) return;
  window.followsNumbers = true;
  const scroller = () => document.querySelector(".stMain");

  const follow = (address) => {
    const main = scroller();
    history.replaceState({ ...history.state, scrolled: main ? main.scrollTop : 0 }, "");
    history.pushState({}, "", address);
    window.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    if (main) main.scrollTop = 0;
  };

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element && event.target.closest('a.why, a.go, a[href^="explain?"]');
    if (!link) return;
    event.preventDefault();
    follow(link.href);
  });

  // Back at a page: down to where its reader had been, once it is as long as it was, unless the
  // reader has begun to do something else meanwhile.
  window.addEventListener("popstate", (event) => {
    const wanted = event.state && event.state.scrolled;
    if (!wanted) return;
    let until = Date.now() + 5000;
    for (const act of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      document.addEventListener(act, () => { until = 0; }, { once: true, capture: true, passive: true });
    }
    const step = () => {
      const main = scroller();
      if (Date.now() > until) return;
      if (main && main.scrollHeight - main.clientHeight >= wanted) main.scrollTop = wanted;
      else setTimeout(step, 100);
    };
    setTimeout(step, 100);
  });

  const addressOf = (event) => {
    const point = event && event.points && event.points[0];
    const address = point && point.customdata;
    return typeof address === "string" && address.startsWith("explain?") ? address : null;
  };
  const onClick = (event) => {
    const address = addressOf(event);
    if (address) follow(address);
  };
  const cursor = (plot, shape) => {
    plot.querySelectorAll(".nsewdrag").forEach((area) => { area.style.cursor = shape; });
  };
  const onHover = function (event) { cursor(this, addressOf(event) ? "pointer" : ""); };
  const onUnhover = function () { cursor(this, ""); };
  const handlers = new WeakMap();

  const watch = (event) => {
    const plot = event.target instanceof Element && event.target.closest(".js-plotly-plot");
    if (!plot || !plot.on) return;
    if (!handlers.has(plot)) {
      handlers.set(plot, [
        ["plotly_click", onClick],
        ["plotly_hover", onHover.bind(plot)],
        ["plotly_unhover", onUnhover.bind(plot)],
      ]);
    }
    // A chart drawn anew has lost its listeners; taking them away first keeps them single.
    for (const [name, handler] of handlers.get(plot)) {
      plot.removeListener(name, handler);
      plot.on(name, handler);
    }
  };
  document.addEventListener("pointerdown", watch, true);
  document.addEventListener("pointerover", watch, true);
})();
