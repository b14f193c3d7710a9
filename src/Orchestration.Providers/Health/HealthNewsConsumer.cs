using MassTransit;
using Orchestration.Contracts.Messages;

namespace Orchestration.Providers.Health;

/// <summary>What the other replicas say about deployments.</summary>
internal sealed class HealthNewsConsumer(DeploymentStates health) : IConsumer<DeploymentHealthChanged>
{
    public Task Consume(ConsumeContext<DeploymentHealthChanged> context)
    {
        health.Hear(context.Message);
        return Task.CompletedTask;
    }
}
