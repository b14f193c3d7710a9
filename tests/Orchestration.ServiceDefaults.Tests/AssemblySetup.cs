using Orchestration.Testing;

[assembly: AssemblyFixture(typeof(BackingServices))]
