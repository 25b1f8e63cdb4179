// The icons that scripts draw, as in templates/parts.html.

export const ICONS = {
  account: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 21c.7-4.7 3.8-7 8-7s7.3 2.3 8 7",
  clock: "M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20M12 7v5l3.5 2",
  tasks: "M4 6l2 2 3-3M4 13l2 2 3-3M12 7h8M12 14h8M12 20h8",
  warning: "M12 3l10 18H2zM12 10v5M12 18v.01",
};
