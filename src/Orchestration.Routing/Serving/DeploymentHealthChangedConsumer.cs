using MassTransit;
using Orchestration.Contracts.Messages;

namespace Orchestration.Routing.Serving;

internal sealed class DeploymentHealthChangedConsumer(HealthView health) : IConsumer<DeploymentHealthChanged>
{
    public Task Consume(ConsumeContext<DeploymentHealthChanged> context)
    {
        health.Take(context.Message);
        return Task.CompletedTask;
    }
}
