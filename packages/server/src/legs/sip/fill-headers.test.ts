import { expect, it } from "vitest";
import { fillHeaders } from "./fill-headers.ts";

it("puts variables into headers, on one line, and leaves out what is empty", () => {
  const headers = { "X-Customer": "no. {{customer_id}}", "X-Note": "{{ note }}", "X-Nobody": "{{nobody}}" };
  expect(fillHeaders(headers, { customer_id: "42", note: "one\r\nVia: two" })).toEqual({
    "X-Customer": "no. 42",
    "X-Note": "one Via: two",
  });
});
