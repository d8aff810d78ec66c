/** What AWS calls its regions by, where the country alone says less: "Europe (Frankfurt)". People say it, not the code. */
const cities: Readonly<Record<string, string>> = {
  'af-south-1': 'Cape Town',
  'ap-east-2': 'Taipei',
  'ap-northeast-1': 'Tokyo',
  'ap-northeast-2': 'Seoul',
  'ap-northeast-3': 'Osaka',
  'ap-south-1': 'Mumbai',
  'ap-south-2': 'Hyderabad',
  'ap-southeast-2': 'Sydney',
  'ap-southeast-3': 'Jakarta',
  'ap-southeast-4': 'Melbourne',
  'ca-west-1': 'Calgary',
  'eu-central-1': 'Frankfurt',
  'eu-central-2': 'Zurich',
  'eu-north-1': 'Stockholm',
  'eu-south-1': 'Milan',
  'eu-west-2': 'London',
  'eu-west-3': 'Paris',
  'il-central-1': 'Tel Aviv',
  'sa-east-1': 'São Paulo',
  'us-east-1': 'N. Virginia',
  'us-east-2': 'Ohio',
  'us-west-1': 'N. California',
  'us-west-2': 'Oregon',
};

/** Undefined where the country is all that AWS says, or where nobody knows the region. */
export const cityOf = (region: string): string | undefined => cities[region];

/** `eu-central-1 (Frankfurt)`. */
export function namedRegion(region: string): string {
  const city = cityOf(region);
  return city === undefined ? region : `${region} (${city})`;
}
