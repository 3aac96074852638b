// node server.js PORT
//
// The policy of the benchmark as express and its package cors have it.
'use strict';

const express = require('express');
const cors = require('cors');

const app = express();
app.disable('x-powered-by');
app.use(cors({
  origin: ['https://app.example.com',
    /^https:\/\/([a-z0-9-]+\.)+example\.org$/],
  methods: ['GET', 'POST', 'PUT', 'DELETE'],
  allowedHeaders: ['Content-Type', 'Authorization', 'X-Requested-With'],
  credentials: true,
  maxAge: 600,
}));
app.get('/file.txt', (req, res) => res.type('text').send('x'.repeat(1024)));
app.listen(Number(process.argv[2]), '127.0.0.1');
