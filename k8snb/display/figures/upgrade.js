"use strict";
(() => {
  const settings = { displaylogo: false, responsive: true, showSendToCloud: false, plotlyServerURL: "" };

  const colours = (element) => {
    const { color } = getComputedStyle(element);
    return { "font.color": color, "legend.font.color": color };
  };

  const upgrade = async (script) => {
    const figure = script.closest("figure");
    const still = figure.querySelector(".k8snb-static");
    const { data, layout } = JSON.parse(script.textContent);
    const canvas = document.createElement("div");
    delete layout.title;
    layout.margin = { ...layout.margin, t: 32 };
    layout.font = { ...layout.font, color: getComputedStyle(figure).color };
    still.before(canvas);
    try {
      await Plotly.newPlot(canvas, data, layout, settings);
    } catch (error) {
      canvas.remove();
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

  const start = () => document.querySelectorAll("script.k8snb-plotly").forEach(upgrade);
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", start) : start();
})();
