/** The part of @echogarden/fvad-wasm 0.2.0 that we call: the package ships no types. Handles are addresses in its memory. */
declare module '@echogarden/fvad-wasm' {
  type Fvad = {
    /** A view of the module's memory; taken anew after every allocation, for memory may move. */
    HEAP16: Int16Array
    _malloc(bytes: number): number
    _free(address: number): void
    /** 0 when there is no memory. */
    _fvad_new(): number
    _fvad_free(handle: number): void
    _fvad_reset(handle: number): void
    /** 0 (takes nearly all for speech) to 3 (only what is surely speech). 0, or -1 for another number. */
    _fvad_set_mode(handle: number, mode: number): number
    _fvad_set_sample_rate(handle: number, hertz: number): number
    /** 1 speech, 0 none, -1 for a length that is not 10, 20 or 30 ms. */
    _fvad_process(handle: number, samples: number, count: number): number
  }
  export default function load(): Promise<Fvad>
}
