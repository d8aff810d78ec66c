const MARKS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands inside of an element or of a quoted attribute. */
export const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (mark) => MARKS[mark] ?? mark);
