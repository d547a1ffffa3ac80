/** Files that the browser saves. */

/** Hands a text to the browser as a file of that name. */
export function saveFile(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const BYTE_ORDER_MARK = "\ufeff";

/** A file of comma-separated values, with the mark by which spreadsheets know that it is UTF-8. */
export function saveCsv(name: string, csv: string): void {
  saveFile(name, BYTE_ORDER_MARK + csv.replace(/^\ufeff/, ""), "text/csv;charset=utf-8");
}
