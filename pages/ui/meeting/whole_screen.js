// Only a press of the reader may fill the screen, so the press itself is listened for.
(() => {
  if (window.fillsScreen) return;
  window.fillsScreen = true;
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest(".st-key-meeting_whole button");
    if (!button) return;
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
})();
