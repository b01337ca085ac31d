/** The alternate screen of xterm and its followers, without a cursor: what was on the screen before comes back at the end. */
export const enterLiveScreen = '\u001B[?1049h\u001B[?25l';
export const leaveLiveScreen = '\u001B[?25h\u001B[?1049l';
