import ipaddr from 'ipaddr.js';

const HOUSEHOLD_BITS = 64;

/** Where attempts are counted: an IPv4 address; of IPv6 the /64, since one household may use any address of it. */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  if (address instanceof ipaddr.IPv4) return address.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${HOUSEHOLD_BITS}`).toString();
}
