using GauRuntime.Train.Optimizers;
using static TorchSharp.torch;

namespace GauRuntime.Train.Tests.Torch.Optimizers;

public sealed class NormsTests
{
    [Fact]
    public void SquareSum_ManySmallNumbersBesideALargeOne_LosesNone()
    {
        // In float the sum stays at 2^24 when 1 is added to it.
        using Tensor x = ones(3_000_000, ScalarType.Float32);
        x[0].fill_(4096);
        Norms.SquareSum(x).Should().Be(4096.0 * 4096 + 2_999_999);
    }

    [Fact]
    public void RootMeanSquare_Matrix_IsOverAllElements()
    {
        using Tensor x = tensor(new double[] { 3, 4, 0, 0 }).reshape(2, 2);
        Norms.Euclidean(x).Should().Be(5);
        Norms.RootMeanSquare(x).Should().Be(2.5);
    }
}
