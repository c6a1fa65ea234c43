export * from "./contracts/language-model-contract.ts";
