/** Something worth a look. `weight` orders them: 0.7 is noticeable, 1 is bad, more is worse. It is no verdict. */
export interface Matter {
  weight: number;
  text: string;
  /** What it is about, where several sources tell of the same thing: only the heaviest is shown. */
  about?: string;
}
