/** Makes the model that a contract suite examines; `close` is called when the suite is over. */
export type MakeModel<Model> = () =>
  | Promise<{ model: Model; close?: () => void | Promise<void> }>
  | { model: Model; close?: () => void | Promise<void> };
