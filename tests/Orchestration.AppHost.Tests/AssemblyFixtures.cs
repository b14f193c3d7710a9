using Orchestration.Testing;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(BackingServices))]
// Hosts compete for two things there is one of: this process's environment and its signals.
[assembly: Parallelization(Mode = ParallelMode.None)]
