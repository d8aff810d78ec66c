/** Takes a member of a body that is wrong, and what would be right. */
export type Report = (path: string, message: string) => void;
