import './lk-app.js';
