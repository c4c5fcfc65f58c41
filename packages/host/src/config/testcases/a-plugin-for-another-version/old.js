export default { name: 'old', summary: 'Old.', contract: '0.0.1' };
