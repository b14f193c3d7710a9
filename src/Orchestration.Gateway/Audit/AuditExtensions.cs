namespace Orchestration.Gateway.Audit;

internal static class AuditExtensions
{
    /// <summary>Adds the log of what operators did.</summary>
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditChain>();
    }
}
