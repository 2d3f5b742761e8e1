// Names for the two side columns, and code that the keyboard can scroll.
document.querySelector("aside.sidebar-drawer")?.setAttribute("aria-label", "Site");
document.querySelector("aside.toc-drawer")?.setAttribute("aria-label", "On this page");
for (const block of document.querySelectorAll("pre")) block.tabIndex = 0;
