const check = { name: 'door', summary: 'A door.', options: { type: 'object' }, metrics: [], schedule: { every: '30s', timeout: '5s' } };
export default { name: 'two', summary: 'two', contract: '0.1.0', checks: [check] };
