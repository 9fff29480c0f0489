"use strict";
// Draw the tunes of a book as they come near, all of them before it is printed.

(() => {
  const papers = new Set(document.querySelectorAll(".paper"));
  const status = document.getElementById("said");

  function draw(paper) {
    if (!papers.delete(paper)) return;
    Staff.show(paper, paper.dataset.abc, { picture: paper.dataset.picture });
  }

  const watch = new IntersectionObserver(
    (seen) => {
      for (const { isIntersecting, target } of seen) if (isIntersecting) draw(target);
    },
    { rootMargin: "800px" },
  );
  for (const paper of papers) watch.observe(paper);
  addEventListener("beforeprint", () => [...papers].forEach(draw));

  document.getElementById("print").addEventListener("click", () => window.print());
  document.getElementById("copy").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = said("Copied");
      status.textContent = said("The link is copied.");
    } catch {
      prompt(said("The link:"), location.href);
    }
  });
})();
