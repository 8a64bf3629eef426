// Draws a chart from the table beside it; without this file the table says the same. One colour for what is, greys for the rest.
(() => {
  "use strict";
  const INK = "#1b2430", MUTED = "#566170", LINE = "#dfe4ea";
  const SHADES = ["#14508c", "#5b8bbd", "#8d98a6", "#a9c4df", "#566170", "#c9d3de", "#33485e"];
  const text = (cell) => cell.textContent.trim();
  const number = (cell) => (cell.dataset.value === undefined || cell.dataset.value === "" ? null : Number(cell.dataset.value));

  const read = (table) => {
    const heads = [...table.tHead.rows[0].cells];
    const columns = heads.map((cell, index) => ({ index, name: text(cell), kind: cell.dataset.series })).filter((column) => column.kind);
    const rows = [...table.tBodies[0].rows];
    return {
      names: rows.map((row) => text(row.cells[0])),
      series: columns.map((column) => ({ name: column.name, kind: column.kind, data: rows.map((row) => number(row.cells[column.index])) })),
    };
  };

  const option = (found, figure) => {
    const across = figure.dataset.chart === "across";
    const stacked = found.series.some((series) => series.kind === "stack");
    const names = { type: "category", data: found.names, inverse: across, axisLine: { lineStyle: { color: LINE } }, axisTick: { show: false }, axisLabel: { color: INK } };
    const values = { type: "value", minInterval: figure.dataset.whole ? 1 : 0, splitLine: { lineStyle: { color: LINE } }, axisLabel: { color: MUTED } };
    return {
      animation: false,
      color: SHADES,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 14 },
      grid: { left: 8, right: 24, top: found.series.length > 1 ? 40 : 28, bottom: 8, containLabel: true },
      legend: found.series.length > 1 ? { type: "scroll", top: 0, left: 0, textStyle: { color: INK } } : undefined,
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      xAxis: across ? values : names,
      yAxis: across ? names : values,
      series: found.series.map((series) => ({
        name: series.name,
        type: series.kind === "line" ? "line" : "bar",
        stack: series.kind === "stack" && stacked ? "one" : undefined,
        barMaxWidth: 28,
        label: found.series.length === 1 ? { show: true, position: across ? "right" : "top", color: INK } : undefined,
        data: series.data,
      })),
    };
  };

  document.querySelectorAll("[data-chart]").forEach((figure) => {
    const table = document.getElementById(figure.dataset.table);
    if (!table || !window.echarts) return;
    figure.hidden = false;
    const chart = window.echarts.init(figure, null, { renderer: "canvas" });
    chart.setOption(option(read(table), figure));
    window.addEventListener("resize", () => chart.resize());
  });
})();
