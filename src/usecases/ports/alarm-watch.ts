/** Which of a deployment's alarms are going off. */
export interface AlarmWatch {
  /** Names of those in one account and region. Throws where they cannot be read: nobody knows then that all is well. */
  goingOff(place: { readonly account: string; readonly region: string }): Promise<readonly string[]>;
}
