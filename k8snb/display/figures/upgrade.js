"use strict";
(() => {
  const settings = { displaylogo: false, responsive: true, showSendToCloud: false, plotlyServerURL: "" };

  const colours = (element) => {
    const { color } = getComputedStyle(element);
    return { "font.color": color, "legend.font.color": color };
  };

  const room = (layout) => Math.max(640, 200 + 20 * (layout.xaxis?.tickvals?.length ?? 0));

  const upgrade = async (script) => {
    const figure = script.closest("figure");
    const still = figure.querySelector(".k8snb-static");
    const { data, layout } = JSON.parse(script.textContent);
    const canvas = document.createElement("div");
    delete layout.title;
    layout.margin = { ...layout.margin, t: 32 };
    layout.font = { ...layout.font, color: getComputedStyle(figure).color };
    canvas.style.minWidth = `${room(layout)}px`;
    const frame = document.createElement("div");
    frame.className = "w";
    frame.append(canvas);
    still.before(frame);
    try {
      await Plotly.newPlot(canvas, data, layout, settings);
    } catch (error) {
      frame.remove();
      return;
    }
    const table = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = "The same as a table";
    still.before(table);
    table.append(summary, still);
    figure.classList.add("k8snb-interactive");
    const repaint = () => Plotly.relayout(canvas, colours(figure));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  };

  const upgradeAll = () => document.querySelectorAll("script.k8snb-plotly").forEach(upgrade);

  const start = () => {
    const roomy = matchMedia("(min-width: 40rem)");
    if (roomy.matches) upgradeAll();
    else roomy.addEventListener("change", upgradeAll, { once: true });
  };
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", start) : start();
})();
