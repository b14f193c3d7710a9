namespace Orchestration.Gateway.Authentication;

/// <summary>Looks up a key that nobody has before the first client does: the first query of a process costs a second.</summary>
internal sealed class DirectoryWarmUp(AccountDirectory directory) : IHostedService
{
    private const string NobodysKey = "000000000000";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // A database that is away answers "unavailable" here, which is no reason not to start.
        await directory.FindKeyAsync(NobodysKey, cancellationToken);
        await directory.FindTenantAsync(NobodysKey, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
