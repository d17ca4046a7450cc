export interface TestProgram {
  readonly name: 'redis-server' | 'chromium';
  readonly path: string | undefined;
  readonly advice: string;
}

export declare function ensureTestPrograms(options?: {
  readonly announce?: (line: string) => void;
}): readonly TestProgram[];
export declare function chromiumPath(): string;
