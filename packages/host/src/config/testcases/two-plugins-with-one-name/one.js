const check = { name: 'door', summary: 'A door.', options: { type: 'object' }, metrics: [], schedule: { every: '30s', timeout: '5s' } };
export default { name: 'one', summary: 'one', contract: '0.1.0', checks: [check] };
