// Draws a chart from the table beside it; without this file the table says the same. One colour for what is, greys for the rest.
(() => {
  "use strict";
  const PAPER = { ink: "#1b2430", muted: "#566170", line: "#dfe4ea", shades: ["#14508c", "#5b8bbd", "#8d98a6", "#a9c4df", "#566170", "#c9d3de", "#33485e"] };
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--sg-${name}`).trim();
  const screen = () => ({
    ink: colour("ink"),
    muted: colour("muted"),
    line: colour("line"),
    shades: [colour("accent"), ...[2, 3, 4, 5, 6, 7].map((number) => colour(`series-${number}`))],
  });
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

  const option = (found, figure, look) => {
    const across = figure.dataset.chart === "across";
    const stacked = found.series.some((series) => series.kind === "stack");
    const names = { type: "category", data: found.names, inverse: across, axisLine: { lineStyle: { color: look.line } }, axisTick: { show: false }, axisLabel: { color: look.ink } };
    const values = { type: "value", minInterval: figure.dataset.whole ? 1 : 0, splitLine: { lineStyle: { color: look.line } }, axisLabel: { color: look.muted } };
    return {
      animation: false,
      color: look.shades,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 14 },
      grid: { left: 8, right: 24, top: found.series.length > 1 ? 40 : 28, bottom: 8, containLabel: true },
      legend: found.series.length > 1 ? { type: "scroll", top: 0, left: 0, textStyle: { color: look.ink } } : undefined,
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      xAxis: across ? values : names,
      yAxis: across ? names : values,
      series: found.series.map((series) => ({
        name: series.name,
        type: series.kind === "line" ? "line" : "bar",
        stack: series.kind === "stack" && stacked ? "one" : undefined,
        barMaxWidth: 28,
        label: found.series.length === 1 ? { show: true, position: across ? "right" : "top", color: look.ink } : undefined,
        data: series.data,
      })),
    };
  };

  document.querySelectorAll("[data-chart]").forEach((figure) => {
    const table = document.getElementById(figure.dataset.table);
    if (!table || !window.echarts) return;
    figure.hidden = false;
    const chart = window.echarts.init(figure, null, { renderer: "canvas" });
    const draw = (look) => chart.setOption(option(read(table), figure, look), true);
    draw(screen());
    window.addEventListener("resize", () => chart.resize());
    window.addEventListener("beforeprint", () => draw(PAPER));
    window.addEventListener("afterprint", () => draw(screen()));
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(screen()));
  });
})();
