declare module 'node-nlp' {
  export class NlpManager {
    constructor(settings: {
      languages: string[]
      forceNER?: boolean
      autoSave?: boolean
      autoLoad?: boolean
      modelFileName?: string
      nlu?: { useNoneFeature?: boolean; log?: boolean }
    })
    addDocument(language: string, text: string, intent: string): void
    train(): Promise<void>
    export(minified?: boolean): string
    import(model: string): void
    process(language: string, text: string): Promise<{ intent: string; score: number }>
  }
}
