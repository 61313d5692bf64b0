/** The line of the last assignment to a variable: dotenv, which reads the file, does not tell. */
export function lineOfVariable(text: string, variable: string): number {
  const assignment = new RegExp(String.raw`^\s*(?:export\s+)?${variable}\s*[=:]`);
  return text.split('\n').findLastIndex(line => assignment.test(line)) + 1;
}
