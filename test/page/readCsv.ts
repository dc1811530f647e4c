/**
 * Reads CSV text as RFC 4180 has it, independently of what wrote it: fields in quotes may hold commas, line ends and
 * doubled quotes.
 */

/** The records, each a list of fields. */
export function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] as string;
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[i + 1] === '"') field += text[i++];
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ',') {
      record.push(field);
      field = '';
    } else if (sign === '\r' && text[i + 1] === '\n') {
      i++;
      records.push([...record, field]);
      record = [];
      field = '';
    } else field += sign;
  }
  if (quoted || field !== '' || record.length > 0) throw new Error('the last record has no end');
  return records;
}
