/** Some carriers write numbers in E.164 without its plus; short codes and names have none. */
export function withPlus(number: string): string {
  return /^\d{9,15}$/.test(number) ? `+${number}` : number;
}

export function withoutPlus(number: string): string {
  return number.replace(/^\+/, "");
}
