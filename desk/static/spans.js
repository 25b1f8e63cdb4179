// Lengths of time in words; the same rule stands in desk/spans.py.

/** "3 小时 12 分" for a number of milliseconds, past or future alike. */
export function spanWords(span, texts) {
  const all = Math.max(Math.floor(Math.abs(span) / 60000), 1);
  const days = Math.floor(all / 1440);
  const hours = Math.floor((all % 1440) / 60);
  const minutes = all % 60;
  if (days) return fill(hours ? texts.days_hours : texts.days, { days, hours });
  if (hours) return fill(minutes ? texts.hours_minutes : texts.hours, { hours, minutes });
  return fill(texts.minutes, { minutes });
}

/** A text with its placeholders filled in. */
export function fill(text, params) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}
