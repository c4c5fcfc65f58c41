/** Of routes by which alerts come in: a Prometheus sends them every minute, and the audit log is for what people do. */
export const TAKES_IN = { config: { takesIn: true } } as const;
