/** A picture that the build copies beside the bundle; the import is its address. */
declare module "*.svg" {
  const address: string;
  export default address;
}
