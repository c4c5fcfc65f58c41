// Everything somebody may put into a page of their own. Importing this module defines the elements.
export { LkAlertList } from './elements/lk-alert-list.js';
export { type ChartData, type ChartLine, LkChart } from './elements/lk-chart.js';
export { LkCheckList } from './elements/lk-check-list.js';
export { LkConnectionState } from './elements/lk-connection-state.js';
export { LkElement } from './elements/lk-element.js';
export { LkLogin } from './elements/lk-login.js';
export { LkServerCard } from './elements/lk-server-card.js';
export { LkServerDetail } from './elements/lk-server-detail.js';
export { LkServerList } from './elements/lk-server-list.js';
export { LkSummaryBar } from './elements/lk-summary-bar.js';
