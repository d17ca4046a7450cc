// These three are loaded first and in this order: a CommonJS package that requires Nest before Nest has been imported
// fails with "Cannot require() ES Module in a cycle".
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
