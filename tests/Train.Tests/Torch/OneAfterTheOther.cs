using Xunit.Sdk;
using Xunit.v3;

// libtorch has one stream of random numbers and takes all cores: tests with it run alone.
[assembly: Parallelization(Mode = ParallelMode.None)]
