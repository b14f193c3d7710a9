namespace Orchestration.Testing;

/// <summary>What one test process tells the next about a running store.</summary>
internal sealed record StoreAddress(string Folder, int Port, int MapperPort, string Password);
