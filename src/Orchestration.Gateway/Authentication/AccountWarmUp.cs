namespace Orchestration.Gateway.Authentication;

/// <summary>Makes the first look-ups before the first client does, who would otherwise wait for the model and the connection.</summary>
internal sealed class AccountWarmUp(AccountDirectory accounts) : BackgroundService
{
    // No key and no tenant is named like this.
    private const string Nobody = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the starting thread: a start does not wait for the database.
        await Task.Yield();
        await accounts.FindKeyAsync(Nobody, stoppingToken);
        await accounts.FindTenantAsync(Nobody, stoppingToken);
    }
}
