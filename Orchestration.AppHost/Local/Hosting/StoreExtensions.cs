namespace Aspire.Hosting;

internal static class StoreExtensions
{
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder.Add(new PostgresServerResource(name, port, userName?.Resource, builder.PasswordOf(name, password)));

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Databases.Add(database);
        return builder.ApplicationBuilder.Add(database);
    }

    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder, string name, int? port = null, IResourceBuilder<ParameterResource>? password = null) =>
        builder.Add(new RedisResource(name, port, builder.PasswordOf(name, password)));

    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null) =>
        builder.Add(new RabbitMQServerResource(name, port, userName?.Resource, builder.PasswordOf(name, password)));

    /// <summary>Matters for containers only: this host runs what the machine has installed.</summary>
    public static IResourceBuilder<T> WithImage<T>(this IResourceBuilder<T> builder, string image, string? tag = null) where T : StoreResource => builder;

    /// <summary>Always so: the data folder is kept.</summary>
    public static IResourceBuilder<T> WithDataVolume<T>(this IResourceBuilder<T> builder, string? name = null) where T : StoreResource => builder;

    /// <summary>Matters for containers only: here every process ends with the host.</summary>
    public static IResourceBuilder<T> WithLifetime<T>(this IResourceBuilder<T> builder, ContainerLifetime lifetime) where T : StoreResource => builder;

    /// <summary>Matters for containers only.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) => builder;

    private static IResourceBuilder<T> Add<T>(this IDistributedApplicationBuilder builder, T resource) where T : IResource =>
        ((DistributedApplicationBuilder)builder).Add(resource);

    private static ParameterResource PasswordOf(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource>? password) =>
        password?.Resource ?? new ParameterResource($"{name}-password", secret: true, builder.Configuration);
}
